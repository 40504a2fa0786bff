#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| candor_edge::fuzz::restore(data));
