"""The clustering algorithms, a file each, and K-means over a range of k."""

from app.segmentation.clustering.kmeans import cluster_kmeans
from app.segmentation.clustering.result import Clustering

__all__ = ["Clustering", "cluster_kmeans"]
