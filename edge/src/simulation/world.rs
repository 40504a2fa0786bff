//! Where readers are and when they are awake: assumptions, rounded.

/// A part of the world with data centres of the provider.
pub struct Region {
    /// The hours that its clocks are ahead of UTC.
    utc_offset: i32,
    /// Its share of all readers over a day. The shares need not add up to anything.
    readers: f64,
    /// How many data centres its readers use.
    pub centres: u32,
    /// The time from there to the object and back, in milliseconds. The object is in Western Europe.
    pub round_trip: i64,
}

const fn region(_name: &str, utc_offset: i32, readers: f64, centres: u32, round_trip: i64) -> Region {
    Region { utc_offset, readers, centres, round_trip }
}

/// About as many data centres as the provider names, and readers of an international service.
pub const REGIONS: [Region; 16] = [
    region("Eastern North America", -5, 18.0, 28, 90),
    region("Western North America", -8, 11.0, 20, 150),
    region("Latin America", -4, 11.0, 50, 200),
    region("United Kingdom and Ireland", 0, 5.0, 5, 15),
    region("Germany and neighbours", 1, 9.0, 16, 15),
    region("France and Iberia", 1, 8.0, 12, 20),
    region("Southern and Northern Europe", 1, 6.0, 18, 35),
    region("Eastern Europe", 2, 6.0, 22, 45),
    region("Middle East", 3, 4.0, 22, 100),
    region("Africa", 2, 4.0, 35, 130),
    region("India", 5, 8.0, 22, 130),
    region("South-East Asia", 7, 6.0, 26, 190),
    region("China, Hong Kong, Taiwan", 8, 3.0, 14, 220),
    region("Japan", 9, 5.0, 8, 230),
    region("Korea", 9, 2.0, 4, 240),
    region("Australia and New Zealand", 10, 3.0, 15, 270),
];

/// How many pages are open at each hour of the day, as a share of the busiest hour.
const AWAKE: [f64; 24] = [
    0.30, 0.20, 0.15, 0.12, 0.12, 0.15, 0.25, 0.40, 0.60, 0.80, 0.92, 0.98, 0.95, 0.96, 1.00, 1.00, 0.97,
    0.90, 0.82, 0.80, 0.80, 0.75, 0.62, 0.45,
];

/// How many of so many open pages are in each region at an hour of UTC.
pub fn open_pages(pages: f64, hour: i32) -> Vec<f64> {
    let awake = |region: &Region| {
        let local =
            usize::try_from(hour.saturating_add(region.utc_offset).rem_euclid(24)).unwrap_or_default();
        region.readers * AWAKE.get(local).copied().unwrap_or_default()
    };
    let all: f64 = REGIONS.iter().map(awake).sum();
    REGIONS.iter().map(|region| pages * awake(region) / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pages_are_somewhere_and_most_are_where_it_is_day() {
        let at_noon_in_europe = open_pages(1_000_000.0, 11);
        assert!((at_noon_in_europe.iter().sum::<f64>() - 1_000_000.0).abs() < 1e-3);
        let at_night = open_pages(1_000_000.0, 1);
        assert!(at_noon_in_europe[4] > 2.0 * at_night[4], "{} {}", at_noon_in_europe[4], at_night[4]);
    }
}
