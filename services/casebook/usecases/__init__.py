"""What a person or a timer can do in casebook; one transaction each."""
