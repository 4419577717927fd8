//! Decisions on memberships in teams on the game platform, where a person is in at most one team.

use uuid::Uuid;

/// A membership of a person that is present, or that the platform has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    pub id: Uuid,
    /// True if the person is in the team; false if the membership is over here.
    pub is_present: bool,
    /// True if the platform confirmed the membership, and not its end.
    pub is_assigned: bool,
}

impl Membership {
    fn is_over(self) -> bool {
        !self.is_present && self.is_assigned
    }
}

/// The state of the former memberships of a person on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormerMemberships {
    /// The platform has none.
    Absent,
    /// The platform has the present one, which replaced them there: ending them would end that one.
    Replaced,
    /// These are over, and not yet ended on the platform.
    Over(Vec<Uuid>),
}

/// Returns the state of the former memberships of a person.
#[must_use]
pub fn former(all: &[Membership]) -> FormerMemberships {
    let over = all.iter().filter(|one| one.is_over());
    let over: Vec<Uuid> = over.map(|one| one.id).collect();
    match (is_placed(all), over.is_empty()) {
        (_, true) => FormerMemberships::Absent,
        (true, false) => FormerMemberships::Replaced,
        (false, false) => FormerMemberships::Over(over),
    }
}

/// Returns whether the platform has the present membership of a person.
#[must_use]
pub fn is_placed(all: &[Membership]) -> bool {
    all.iter().any(|one| one.is_present && one.is_assigned)
}

/// Memberships to store, each with whether the platform has it from now on. One that is present and that the platform does not
/// have is sent again.
pub type MembershipChanges = Vec<(Uuid, bool)>;

/// Returns what to store of former memberships that the present one replaced on the platform.
#[must_use]
pub fn replaced(all: &[Membership]) -> MembershipChanges {
    if is_placed(all) { without(all, |one| one.is_over()) } else { Vec::new() }
}

/// Returns what to store once the platform has ended the membership of a person, of whose memberships `over` were over before the
/// call. If another process assigned them during the call, the order of both calls is unknown.
#[must_use]
pub fn ended(all: &[Membership], over: &[Uuid]) -> MembershipChanges {
    without(all, |one| one.is_present || over.contains(&one.id))
}

/// Returns what to store once the platform has confirmed the membership `own`, which may have ended during the call. If another
/// process assigned the person to a later team during the call, the order of both calls is unknown.
#[must_use]
pub fn assigned(all: &[Membership], own: Uuid) -> MembershipChanges {
    let is_present = all.iter().any(|one| one.id == own && one.is_present);
    let mut changes = without(all, |one| one.id != own && (is_present || one.is_present));
    changes.push((own, true));
    changes
}

fn without(all: &[Membership], is_gone: impl Fn(&Membership) -> bool) -> MembershipChanges {
    let gone = all.iter().filter(|one| one.is_assigned && is_gone(one));
    gone.map(|one| (one.id, false)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);
    const THREE: Uuid = Uuid::from_u128(3);

    fn over(id: Uuid) -> Membership {
        Membership { id, is_present: false, is_assigned: true }
    }

    fn new(id: Uuid) -> Membership {
        Membership { id, is_present: true, is_assigned: false }
    }

    fn sent(id: Uuid) -> Membership {
        Membership { id, is_present: true, is_assigned: true }
    }

    #[test]
    fn a_later_assignment_protects_from_the_end_of_former_ones() {
        for (all, expected) in [
            (vec![], FormerMemberships::Absent),
            (vec![new(ONE)], FormerMemberships::Absent),
            (vec![sent(ONE)], FormerMemberships::Absent),
            (vec![over(ONE)], FormerMemberships::Over(vec![ONE])),
            (vec![over(ONE), new(TWO)], FormerMemberships::Over(vec![ONE])),
            (vec![over(ONE), over(TWO), new(THREE)], FormerMemberships::Over(vec![ONE, TWO])),
            (vec![over(ONE), sent(TWO)], FormerMemberships::Replaced),
        ] {
            assert_eq!(former(&all), expected, "{all:?}");
            let changes = replaced(&all);
            match expected {
                FormerMemberships::Replaced => assert_eq!(changes, [(ONE, false)]),
                _ => assert_eq!(changes, [], "{all:?}"),
            }
        }
    }

    #[test]
    fn an_end_settles_what_was_over_before_the_call() {
        for (all, expected) in [
            (vec![over(ONE)], vec![(ONE, false)]),
            (vec![over(ONE), new(TWO)], vec![(ONE, false)]),
            // Assigned during the call, which may have ended that too.
            (vec![over(ONE), sent(TWO)], vec![(ONE, false), (TWO, false)]),
            (vec![sent(TWO)], vec![(TWO, false)]),
            // Assigned and left during the call: the next sync ends it.
            (vec![over(ONE), over(TWO)], vec![(ONE, false)]),
            (vec![], vec![]),
        ] {
            assert_eq!(ended(&all, &[ONE]), expected, "{all:?}");
        }
    }

    #[test]
    fn an_assignment_settles_former_memberships() {
        for (all, expected) in [
            (vec![new(TWO)], vec![(TWO, true)]),
            (vec![over(ONE), new(TWO)], vec![(ONE, false), (TWO, true)]),
            (vec![over(ONE), sent(TWO)], vec![(ONE, false), (TWO, true)]),
            // It ended during the call.
            (vec![], vec![(TWO, true)]),
            (vec![over(ONE)], vec![(TWO, true)]),
            (vec![new(THREE)], vec![(TWO, true)]),
            (vec![sent(THREE)], vec![(THREE, false), (TWO, true)]),
        ] {
            assert_eq!(assigned(&all, TWO), expected, "{all:?}");
        }
    }
}
