//! The codes of surveys.

codes! {
    /// The people whom a survey asks.
    SurveyAudience {
        /// Everyone with a place.
        Participants = "participants", "Participants";
        /// The judges.
        Judges = "judges", "Judges";
    }
}

codes! {
    /// The kind of a question.
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
