"""A linear map on frozen vectors: fitted in seconds on anchors and positives, applied to stored vectors."""

from simsearch.linear_maps.choosing import FittedMap, fit_best_map
from simsearch.linear_maps.examples import Examples
from simsearch.linear_maps.fitting import fit_maps
from simsearch.linear_maps.folders import read_map, save_mapped_model
from simsearch.linear_maps.linear_map import LinearMap

__all__ = ["Examples", "FittedMap", "LinearMap", "fit_best_map", "fit_maps", "read_map", "save_mapped_model"]
