"""Events of coaching in words, and what they happen to."""

from portal.core.i18n import lazy_

COACHING = {
    "attendance.note": lazy_("Meeting of an accompaniment noted"),
    "attendance.correct": lazy_("Attendance at a meeting corrected"),
    "attendance.close": lazy_("Accompaniment closed"),
    "coach.assign": lazy_("Coach assigned"),
    "coach.terms_changed": lazy_("Terms of a coaching changed"),
    "coach.ended": lazy_("Coaching ended"),
    "coach.changed": lazy_("Another coach for the team"),
    "coach.profile": lazy_("Profile of a coach changed"),
    "coach.conflict_declared": lazy_("Coach stands apart from a team"),
    "coaching.log": lazy_("Coaching session recorded"),
    "coaching.confirm": lazy_("Coaching session confirmed by the team"),
    "coaching.dispute": lazy_("Coaching session disputed by the team"),
    "coaching.withdraw": lazy_("Coaching session taken back by the coach"),
    "coaching.confirmed_by_silence": lazy_("Coaching session confirmed: nobody objected in time"),
    "coaching.meeting_proposed": lazy_("Times proposed for a coaching meeting"),
    "coaching.meeting_other_times": lazy_("Other times proposed for a coaching meeting"),
    "coaching.meeting_agreed": lazy_("Time of a coaching meeting agreed"),
    "coaching.meeting_cancelled": lazy_("Coaching meeting cancelled"),
    "coaching.meeting_missed": lazy_("Coaching meeting missed by the team"),
    "coaching.appointment_held": lazy_("Coaching meeting held"),
    "coaching.feed_made": lazy_("Private address of a calendar made"),
    "coaching.feed_revoked": lazy_("Private address of a calendar revoked"),
    "coaching.next_step_agreed": lazy_("Next step agreed"),
    "coaching.next_step_done": lazy_("Next step done"),
    "coaching.next_step_dropped": lazy_("Next step given up"),
    "coaching.next_step_carried": lazy_("Next step put off"),
    "coaching.note": lazy_("Note on a team written"),
    "coaching.close_month": lazy_("Statement of a coach closed"),
}

THINGS = {
    "appointment": lazy_("Coaching meeting"),
    "calendar_feed": lazy_("Address of a calendar"),
    "coach_conflict": lazy_("Conflict of a coach"),
    "coach_profile": lazy_("Profile of a coach"),
    "coach_statement": lazy_("Statement of a coach"),
    "coaching_note": lazy_("Note on a team"),
    "coaching_session": lazy_("Coaching session"),
    "engagement": lazy_("Coaching"),
    "next_step": lazy_("Next step"),
}
