"""The API's own documents: what each view takes and answers, read from the contracts that it is written with."""
