use crate::rules::ownership::{
    Ownership::{self, Active, Inactive, Own, Unowned},
    TransferBar::{NotOwner, OwnerActive},
    TransferRight, transfer_right,
};
use identity::model::UserId;
use uuid::Uuid;

#[test]
fn the_owner_transfers_and_admins_only_where_no_one_else_can() {
    for (ownership, is_admin, expected) in [
        (Own, false, Ok(TransferRight::Owner)),
        (Own, true, Ok(TransferRight::Owner)),
        (Active, false, Err(NotOwner)),
        (Inactive, false, Err(NotOwner)),
        (Unowned, false, Err(NotOwner)),
        (Active, true, Err(OwnerActive)),
        (Inactive, true, Ok(TransferRight::Admin)),
        (Unowned, true, Ok(TransferRight::Admin)),
    ] {
        let right = transfer_right(ownership, is_admin);
        assert_eq!(right, expected, "{ownership:?}, admin: {is_admin}");
    }
    let codes = [NotOwner, OwnerActive].map(|bar| bar.problem("Lantern").code);
    assert_eq!(codes, ["OWNER_REQUIRED", "OWNER_ACTIVE"]);
}

#[test]
fn ownership_is_seen_from_a_person() {
    let [one, other] = [1, 2].map(|number| UserId::new(Uuid::from_u128(number)));
    for (owner, person, expected) in [
        (None, Some(one), Unowned),
        (None, None, Unowned),
        (Some((one, true)), Some(one), Own),
        (Some((one, false)), Some(one), Own),
        (Some((one, true)), Some(other), Active),
        (Some((one, false)), Some(other), Inactive),
        (Some((one, true)), None, Active),
        (Some((one, false)), None, Inactive),
    ] {
        assert_eq!(Ownership::of(owner, person), expected, "{owner:?}");
    }
}
