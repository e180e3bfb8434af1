"""HTTP composition root: settings, driver and routes meet here and nowhere else."""
