using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

internal static class FoldAssertions
{
    /// <summary>The statement is refused, first of all for this reason, and the refusal names what was wanted and what was got.</summary>
    public static void Refuses(this TestRoom room, Envelope envelope, RefusalCode code, string because = "")
    {
        var result = room.Try(envelope);

        result.IsAccepted.Should().BeFalse("{0} was wanted {1}", code, because);
        result.Refusals[0].Code.Should().Be(code, "{0} {1}", result.Refusals[0], because);
        result.Refusals.Should().OnlyContain(refusal => refusal.Wanted.Length > 0 && refusal.Got.Length > 0);
    }

    /// <summary>The statement is accepted.</summary>
    public static void Accepts(this TestRoom room, Envelope envelope, string because = "") =>
        room.Try(envelope).Refusals.Should().BeEmpty("{0}", because);
}
