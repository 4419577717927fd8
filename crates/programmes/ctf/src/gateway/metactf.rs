use chrono::TimeDelta;
use kernel::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    Assignment, FlashEvent, GamePlatform, NewTeam, NewUser, OdlScores, PlatformCall, PlatformError,
    PlatformUser, answers,
    client::{MetaCtf, PlatformRequest},
};

impl GamePlatform for MetaCtf {
    fn id_of(&self, id: Uuid) -> String {
        format!("{}{id}", self.link.id_prefix)
    }

    fn user<'a>(&'a self, id: &'a str) -> PlatformCall<'a, Option<PlatformUser>> {
        Box::pin(async move {
            let ask = PlatformRequest::get("user", "/users", vec![("syned_user_id", id)]);
            match self.send(ask).await {
                Ok(text) => answers::user(&text, Some(id)).map(Some),
                Err(PlatformError::Unknown) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    fn create_user(&self, user: NewUser) -> PlatformCall<'_, PlatformUser> {
        Box::pin(async move {
            let mut ask = PlatformRequest::post("create_user", "/users", body_of_user(&user));
            ask.private = vec![user.first_name, user.last_name, user.email];
            ask.private.extend(user.username);
            answers::user(&self.send(ask).await?, Some(&user.id))
        })
    }

    fn create_team(&self, team: NewTeam) -> PlatformCall<'_, ()> {
        let body = json!({
            "syned_coach_user_id": team.coach,
            "syned_team_id": team.id,
            "team_name": team.name,
            "affiliation": team.affiliation,
            "division": team.division,
        });
        self.change(PlatformRequest::post("create_team", "/teams", body))
    }

    fn delete_team<'a>(&'a self, team: &'a str) -> PlatformCall<'a, ()> {
        let body = json!({ "syned_team_id": team });
        self.change(PlatformRequest::post("delete_team", "/teams/delete", body))
    }

    fn assign<'a>(&'a self, team: &'a str, user: &'a str) -> PlatformCall<'a, ()> {
        let body = json!({ "syned_team_id": team, "syned_user_id": user });
        self.change(PlatformRequest::post("assign", "/users/assign_team", body))
    }

    fn unassign<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()> {
        let body = json!({ "syned_user_id": user });
        self.change(PlatformRequest::post("unassign", "/users/delete_assignment", body))
    }

    fn assignments<'a>(&'a self, team: Option<&'a str>) -> PlatformCall<'a, Vec<Assignment>> {
        Box::pin(async move {
            let query = team.map(|team| ("syned_team_id", team));
            let path = "/users/get_team_assignments";
            let ask = PlatformRequest::get("assignments", path, query.into_iter().collect());
            answers::assignments(&self.send(ask).await?)
        })
    }

    fn odl_scores<'a>(
        &'a self,
        user: &'a str,
        after: Option<Timestamp>,
    ) -> PlatformCall<'a, OdlScores> {
        Box::pin(async move {
            let after = after.map(whole_seconds);
            let mut query = vec![("syned_user_id", user)];
            query.extend(after.as_deref().map(|after| ("after_time_unix", after)));
            let ask = PlatformRequest::get("odl_scores", "/scores/get_odl_scores", query);
            answers::scores(&self.send(ask).await?, Some(user))
        })
    }

    fn flash_progress<'a>(&'a self, user: &'a str) -> PlatformCall<'a, Vec<FlashEvent>> {
        Box::pin(async move {
            let path = "/scores/get_flash_ctf_progress";
            let ask = PlatformRequest::get("flash_progress", path, vec![("syned_user_id", user)]);
            answers::progress(&self.send(ask).await?, Some(user))
        })
    }

    fn send_password_reset<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()> {
        let body = json!({ "syned_user_id": user });
        let path = "/auth/send_password_reset_email";
        self.change(PlatformRequest::post("password_reset", path, body))
    }
}

impl MetaCtf {
    /// Sends a request whose answer is not read.
    fn change<'a>(&'a self, ask: PlatformRequest<'a>) -> PlatformCall<'a, ()> {
        Box::pin(async move { self.send(ask).await.map(drop) })
    }
}

/// Returns the seconds of an instant since 1970, one second earlier, so that a platform that compares by "later than" leaves out
/// no solve of that second.
fn whole_seconds(at: Timestamp) -> String {
    (at - TimeDelta::seconds(1)).timestamp().max(0).to_string()
}

fn body_of_user(user: &NewUser) -> Value {
    let mut body = Map::new();
    for (name, value) in [
        ("first_name", Some(&user.first_name)),
        ("last_name", Some(&user.last_name)),
        ("email", Some(&user.email)),
        ("syned_user_id", Some(&user.id)),
        ("preferred_username", user.username.as_ref()),
        ("syned_school_id", user.school.as_ref()),
        ("syned_region_id", user.region.as_ref()),
        ("syned_coach_user_id", user.coach.as_ref()),
    ] {
        if let Some(value) = value {
            body.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
    body.insert("role".to_owned(), user.role.as_str().into());
    Value::Object(body)
}
