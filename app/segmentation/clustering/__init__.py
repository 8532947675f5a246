"""The clustering algorithms, a file each; `app.segmentation.segmentation` calls them by name."""

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering

__all__ = ["Clustering", "cluster_kmeans"]
