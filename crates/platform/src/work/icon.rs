/// The icon of a kind of work, which pages draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskIcon {
    /// A bell.
    Alarm,
    /// A stamp.
    Approve,
    /// A parcel.
    Box,
    Calendar,
    /// A speech bubble.
    Dispute,
    /// A page with a pen.
    Draft,
    Envelope,
    Flag,
    Gear,
    /// A lifebuoy.
    Help,
    /// Bars of different heights.
    Numbers,
    /// A globe.
    Network,
    /// A pause sign.
    Pause,
    Pen,
    Person,
    /// A megaphone.
    Report,
    /// Two branches that join.
    Review,
    Scales,
    /// A signed page.
    Signature,
    /// Two arrows in a circle.
    Sync,
    Ticket,
    /// A list with ticks.
    Todo,
    /// A bin.
    Trash,
    Trophy,
    /// An arrow out of a tray.
    Upload,
    /// A triangle with a mark.
    Warning,
}
