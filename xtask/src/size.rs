//! Not there yet.
pub(crate) fn run() -> anyhow::Result<()> {
    Ok(())
}
