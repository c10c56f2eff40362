"""What commands share: options, reading the inputs, output."""
