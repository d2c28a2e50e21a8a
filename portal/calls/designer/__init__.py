"""The designer of calls: one mechanism, driven by the dataclasses of the design. Pure: no database, no web, no clock.

A draft is a JSON document that is always valid in its types, and often incomplete. A place is a path into it, such as
`applicants/0` or `questionnaire/sections/1/questions/3`; `call/<section>` is the form of a section's own fields.
"""
