//! Tries addresses from this device.

use futures_util::future::join_all;
use gloo_events::EventListener;
