platform::codes! {
    /// The division of a coach or a team.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    Division {
        MiddleSchool = "middle_school", "Middle school";
        HighSchool = "high_school", "High school";
        College = "college", "College";
    }
}

platform::codes! {
    TeamStatus {
        /// It takes members and is not on the game platform.
        Forming = "forming", "Forming";
        /// It is on the game platform.
        Active = "active", "Active";
        /// Its school year is over.
        Archived = "archived", "Archived";
    }
}
