"""What the pages of a year show: the plan, its lines, all its days."""
