"""What Notion's endpoints do: one module a family."""
