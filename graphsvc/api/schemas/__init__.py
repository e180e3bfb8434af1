"""What the API takes and gives, as models: Public, and Create where things are made."""
