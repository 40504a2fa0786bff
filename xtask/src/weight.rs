//! The compressed size of a body, at the best compression that the platform offers.

use std::io::Write;

/// Compresses with brotli at quality 11. Returns the content unchanged if that fails.
#[must_use]
pub fn compress(content: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    match brotli::BrotliCompress(&mut &*content, &mut out, &parameters) {
        Ok(_) => out,
        Err(_) => content.to_vec(),
    }
}

/// The size after [`compress`], in bytes.
#[must_use]
pub fn brotli(content: &[u8]) -> usize {
    compress(content).len()
}

/// The size after gzip at level 9, in bytes. The platform's limit for workers counts this size.
#[must_use]
pub fn gzip(content: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    match encoder.write_all(content).and_then(|()| encoder.finish()) {
        Ok(out) => out.len(),
        Err(_) => content.len(),
    }
}
