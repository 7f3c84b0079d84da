"""The AWS endpoint: ministack behind a journal, so that nothing acknowledged is lost."""
