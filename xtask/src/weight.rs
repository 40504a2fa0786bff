//! What a body weighs when it travels: compressed as the platform does it at its best.

use std::io::Write;

/// Brotli at quality 11. What cannot be compressed stays what it is.
#[must_use]
pub fn compress(content: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    match brotli::BrotliCompress(&mut &*content, &mut out, &parameters) {
        Ok(_) => out,
        Err(_) => content.to_vec(),
    }
}

/// The same, in bytes.
#[must_use]
pub fn brotli(content: &[u8]) -> usize {
    compress(content).len()
}

/// Gzip at level 9, in bytes: how the platform counts a worker.
#[must_use]
pub fn gzip(content: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    match encoder.write_all(content).and_then(|()| encoder.finish()) {
        Ok(out) => out.len(),
        Err(_) => content.len(),
    }
}
