"""The sounds of English: which a word has, and how well a recording fits them."""
