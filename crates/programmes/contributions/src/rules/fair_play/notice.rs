//! When moderators are notified of flags.

/// The number of new flags that moderators are notified of at once. There are few moderators: one or two flags can wait until
/// they look at the queue, or until the flags are late.
pub const NEW_FLAGS: i64 = 3;

/// Returns whether moderators are to be notified of open flags that they were not notified of: the number of new ones, and
/// the number of those that have waited for longer than their target.
#[must_use]
pub const fn is_due(new: i64, late: i64) -> bool {
    new >= NEW_FLAGS || late > 0
}

#[cfg(test)]
mod tests {
    use super::is_due;

    #[test]
    fn few_new_flags_wait_until_they_are_late() {
        let cases = [
            (0, 0, false),
            (1, 0, false),
            (2, 0, false),
            (3, 0, true),
            (40, 0, true),
            (0, 1, true),
            (1, 1, true),
        ];
        for (new, late, expected) in cases {
            assert_eq!(is_due(new, late), expected, "{new} new, {late} late");
        }
    }
}
