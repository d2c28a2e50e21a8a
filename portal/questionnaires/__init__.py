"""Versioned forms and answer sheets: one engine for applications, reports and assessments."""
