using System.CommandLine;
using CleanRoom.Cli.Profiles;

namespace CleanRoom.Cli.Hosting;

/// <summary>One call of a verb.</summary>
internal sealed class VerbContext(CliHost host, ParseResult parsed, ProfileDirectory profile)
{
    /// <summary>Gets the world.</summary>
    public CliHost Host { get; } = host;

    /// <summary>Gets the profile directory.</summary>
    public ProfileDirectory Profile { get; } = profile;

    /// <summary>Returns the value of an option, or its default.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Returns the value of an option that the parser demanded.</summary>
    public T Require<T>(Option<T> option) => parsed.GetRequiredValue(option);

    /// <summary>Returns the value of an argument that the parser demanded.</summary>
    public T Require<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Returns the value of an optional argument.</summary>
    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);
}
