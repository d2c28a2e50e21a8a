"""Next steps: agreed in a session, on the desk of their owner until they are settled."""
