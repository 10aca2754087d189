"""The commands of ``saring``, one a module."""
