"""A reader that lowers its limits as the real one does, and then takes all the memory it can get."""

from portal.calendars.busy.reader.limits import lower

if __name__ == "__main__":
    lower()
    taken = []
    while True:
        taken.append(bytearray(16 * 1024 * 1024))
