"""What Word, PowerPoint and Excel files have in common: a zip archive of XML parts that refer to each other."""
