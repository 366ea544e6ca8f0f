using CleanRoom.Cryptography;

namespace CleanRoom.Cli.Hosting;

/// <summary>Asks the person at the terminal, when there is one.</summary>
internal interface IPrompt
{
    /// <summary>Asks for a line; null when nobody is there.</summary>
    string? Line(string question);

    /// <summary>Asks for a secret without showing it; null when nobody is there. The caller disposes it.</summary>
    SecretBytes? Secret(string question);
}
