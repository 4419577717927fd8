//! Statistics of the durations and costs of requests.

/// Percent-encodes those of the last alphanumeric characters of a path whose bits are set in `number`. The server reads the
/// same path from another address. It refuses parameters that it does not know.
pub(super) fn disguised(path: &str, number: u64) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric();
    let last = path.bytes().rev().take_while(is_plain).count().min(64);
    let (start, last) = path.split_at(path.len() - last);
    let mut address = start.to_owned();
    for (bit, byte) in last.bytes().enumerate() {
        match (number >> bit) & 1 {
            0 => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// Returns the duration that this share of sorted durations is below; 0 if there are none.
pub(super) fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get((sorted.len() as f64 * share) as usize).copied().unwrap_or(0.0)
}

/// Mixes a number with the finalizer of SplitMix64, a bijection with random-looking results.
pub(crate) fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::disguised;

    #[test]
    fn a_path_has_many_addresses() {
        for (path, number, address) in [
            ("/ranks/wren-oak", 0, "/ranks/wren-oak"),
            ("/ranks/wren-oak", 5, "/ranks/wren-%6Fa%6B"),
            ("/global?rank=31", 2, "/global?rank=3%31"),
            ("/global?rank=31", 4, "/global?rank=31"),
        ] {
            assert_eq!(disguised(path, number), address);
        }
    }
}
