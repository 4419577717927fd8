use identity::model::UserId;

use super::HackathonId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HackathonJudge {
    pub hackathon: HackathonId,
    pub judge: UserId,
}
