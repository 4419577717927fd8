//! The codes of surveys.

platform::codes! {
    /// The people whom a survey asks.
    SurveyAudience {
        /// Everyone with a place.
        Participants = "participants", "Participants";
        /// The judges.
        Judges = "judges", "Judges";
    }
}

platform::codes! {
    /// The kind of a question.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    SurveyKind {
        /// A number from 1 to 5.
        Scale = "scale", "Scale from 1 to 5";
        /// One of several options.
        One = "one", "One choice";
        /// Any number of several options.
        Several = "several", "Several choices";
        /// A text.
        Text = "text", "Text";
    }
}
