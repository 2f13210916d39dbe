"""The shape checker itself: each of these answers differs from a good one in one point, and that is found."""
import unittest

from shapes import parse, problems

GOOD = '{"id":"0732100f-1a38-4e49-a514-c9b44c697ab5","name":"a","description":null,"type":"Regular","imageCount":0}'


class Shapes(unittest.TestCase):
    def test_a_good_tag_has_no_problems_each_bad_one_has(self):
        self.assertEqual(problems("Tag", parse(GOOD)), [])
        for what, replacement in (('"name":"a","description":null', '"description":null,"name":"a"'),
                                  ('"description":null,', ""), ('"name"', '"more":1,"name"'), ("0732100f", "0732100F"),
                                  (":0}", ':"0"}'), (":0}", ":0.0}"), ("Regular", "regular"), ('"a"', "null")):
            self.assertEqual(len(problems("Tag", parse(GOOD.replace(what, replacement)))), 1, replacement)

    def test_kinds_of_numbers_and_dates(self):
        for kind, good, bad in (
                ("float", ("0.0", "0.9999999", "0.403186262", "1.1920929E-07"),
                 ("1", "0.40318626165390015", "1.1e-07", '"1.0"')),
                ("date", ('"2020-11-06T17:40:45.610Z"',), ('"2020-11-06T17:40:45.61Z"', '"2020-11-06T17:40:45.610"')),
                ("imageDate", ('"2020-11-06T17:40:45.493677"',),
                 ('"2020-11-06T17:40:45.4930"', '"2020-11-06T17:40:45.4Z"'))):
            for text in good:
                self.assertEqual(problems(kind, parse(text)), [], text)
            for text in bad:
                self.assertEqual(len(problems(kind, parse(text))), 1, text)


if __name__ == "__main__":
    unittest.main()
