"""The office's library: clauses of agreements and drafts of statutes, in Markdown with fields."""
