"""The speed of the way from text to verdict, beside what a scraper could use instead."""
