"""Verbs: one public function is one transaction; plain values in, ids or values out."""
