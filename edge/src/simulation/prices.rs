//! What the provider asks for: Workers Paid, beyond what the plan includes.
//!
//! Read in November 2026 in the source of its documentation (cloudflare/cloudflare-docs: `workers/platform/pricing.mdx` at commit
//! 07acbb66, `durable-objects/platform/pricing.mdx`, and, for Workers KV, pages that quote its table). Prices change: check them before
//! you rely on them.

/// Dollars for a million of each.
pub struct Prices {
    /// Requests to the worker. Requests of the worker to its object and to the cache are not among them.
    pub requests: f64,
    /// Milliseconds of processor time.
    pub cpu_millis: f64,
    /// Requests to the object.
    pub object_requests: f64,
    /// Gigabytes of memory times seconds of the object, which counts as 128 MB while it is awake.
    pub object_gb_seconds: f64,
    /// Keys read from KV.
    pub kv_reads: f64,
    /// Keys written to KV.
    pub kv_writes: f64,
}

pub const PRICES: Prices = Prices {
    requests: 0.30,
    cpu_millis: 0.02,
    object_requests: 0.15,
    object_gb_seconds: 12.50,
    kv_reads: 0.50,
    kv_writes: 5.00,
};

/// What is used in a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    pub requests: f64,
    pub cpu_millis: f64,
    pub object_requests: f64,
    pub kv_reads: f64,
    pub kv_writes: f64,
}

impl Used {
    /// What an hour of it costs, in dollars, with an object that is awake all the time.
    pub fn per_hour(&self) -> f64 {
        let seconds = 3_600.0;
        let per_second = self.requests * PRICES.requests
            + self.cpu_millis * PRICES.cpu_millis
            + self.object_requests * PRICES.object_requests
            + 0.128 * PRICES.object_gb_seconds
            + self.kv_reads * PRICES.kv_reads
            + self.kv_writes * PRICES.kv_writes;
        per_second * seconds / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_costs_what_its_parts_cost() {
        let nothing = Used::default().per_hour();
        assert!((nothing - 0.128 * 12.5 * 3_600.0 / 1e6).abs() < 1e-9);
        let polls = Used { requests: 1e6 / 3_600.0, ..Used::default() };
        assert!((polls.per_hour() - nothing - 0.30).abs() < 1e-9);
    }
}
