"""What names of public bodies are made of: places and their codes, words, pinyin, and who has which id.

In: printed names, and the data beside these modules. Out: parts of names, places, ids.
``gongkai.extract.agency`` puts them together.
"""
