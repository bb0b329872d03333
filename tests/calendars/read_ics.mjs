// Reads calendar files with ical.js, one a line in base64, and answers each with a line of JSON: a second opinion.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

function understood(entry) {
  const event = new ICAL.Event(entry);
  return {
    uid: event.uid,
    sequence: event.sequence,
    summary: event.summary,
    location: event.location,
    status: entry.getFirstPropertyValue("status"),
    class: entry.getFirstPropertyValue("class"),
    transp: entry.getFirstPropertyValue("transp"),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    stamp: entry.getFirstPropertyValue("dtstamp").toString(),
    organizer: event.organizer,
    organizerName: entry.getFirstProperty("organizer").getParameter("cn") ?? null,
    attendees: event.attendees.map((one) => [one.getFirstValue(), one.getParameter("partstat") ?? null]),
    alarms: entry.getAllSubcomponents("valarm").length,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const calendar = new ICAL.Component(ICAL.parse(Buffer.from(line, "base64").toString("utf8")));
    answer = {
      method: calendar.getFirstPropertyValue("method"),
      zones: calendar.getAllSubcomponents("vtimezone").length,
      entries: calendar.getAllSubcomponents("vevent").map(understood),
    };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
