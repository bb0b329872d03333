"""What the browser is told to load, keep and tell; forms of other sites; leaving; faults without anybody’s words."""
