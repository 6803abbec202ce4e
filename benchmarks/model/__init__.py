"""What each part of the model is worth: the estimator fitted and scored without it."""
