"""What editors use: `check` finds every problem, `format` mends what has one reading, `new` begins a package."""
