"""The operations of APIX v1, by what they are about."""
