//! Candor's banner.
