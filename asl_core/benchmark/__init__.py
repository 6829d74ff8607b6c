"""How fast is it? Each stage and the whole, beside the reference loop in the same run."""
