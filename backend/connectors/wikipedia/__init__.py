"""Wikipedia: pages that hold words, and what is changed in one."""
