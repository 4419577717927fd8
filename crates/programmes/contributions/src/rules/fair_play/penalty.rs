//! The ladder of penalties for confirmed spam: the first warns, the second disqualifies for the season.

use crate::model::SanctionKind;

/// An earlier sanction of a person in the same season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierSanction {
    pub kind: SanctionKind,
    /// True if confirmed spam caused it, false if an organizer decided on it.
    pub is_for_spam: bool,
    pub is_lifted: bool,
}

/// Returns the sanction for a flag that was confirmed as spam; `None` for a person who is disqualified already. What was
/// lifted does not count, and neither do the warnings of organizers, which may have another reason.
#[must_use]
pub fn next_sanction(earlier: &[EarlierSanction]) -> Option<SanctionKind> {
    let in_force = || earlier.iter().filter(|sanction| !sanction.is_lifted);
    if in_force().any(|sanction| sanction.kind == SanctionKind::Disqualification) {
        return None;
    }
    if in_force().any(|sanction| sanction.is_for_spam) {
        Some(SanctionKind::Disqualification)
    } else {
        Some(SanctionKind::Warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SanctionKind::{Disqualification, Warning};

    fn sanction(kind: SanctionKind, is_for_spam: bool, is_lifted: bool) -> EarlierSanction {
        EarlierSanction { kind, is_for_spam, is_lifted }
    }

    #[test]
    fn the_first_warns_and_the_second_disqualifies() {
        let (warned, lifted) = (sanction(Warning, true, false), sanction(Warning, true, true));
        let by_organizer = sanction(Warning, false, false);
        let out = sanction(Disqualification, true, false);
        let out_lifted = sanction(Disqualification, true, true);
        let out_by_organizer = sanction(Disqualification, false, false);
        let cases: [(&[EarlierSanction], Option<SanctionKind>); 9] = [
            (&[], Some(Warning)),
            (&[warned], Some(Disqualification)),
            (&[lifted], Some(Warning)),
            (&[lifted, warned], Some(Disqualification)),
            (&[by_organizer], Some(Warning)),
            (&[by_organizer, warned], Some(Disqualification)),
            (&[warned, out], None),
            (&[warned, out_lifted], Some(Disqualification)),
            (&[out_by_organizer], None),
        ];
        for (earlier, expected) in cases {
            assert_eq!(next_sanction(earlier), expected, "{earlier:?}");
        }
    }
}
