"""First names that lists of the Netherlands and Germany hold often: they give a column of people away."""

from app.importing.cells.person_names import key

_NAMES = """
Aaltje Adriaan Agnes Ahmed Albert Alexander Alexandra Ali Alice Amira An Andrea Andreas Andre Angela Angelika Anita
Anja Anke Ann Anna Anne Anneke Annelies Annemarie Annette Anouk Anton Antje Arie Arjan Armin Arthur Astrid Aylin
Barbara Bart Beate Ben Bernd Bernhard Bert Bettina Birgit Björn Bob Bram Brigitte Britta Carin Carla Carmen Carolien
Caroline Casper Charlotte Chris Christa Christian Christiane Christina Christine Christoph Claudia Claus Cor Corinna
Corrie Cornelia Daan Dagmar Daniel Daniela David Denise Dennis Derk Detlef Diana Dieter Dirk Doris Dorothea Edith
Edwin Eefje Elena Elisabeth Elke Ellen Els Elsa Emine Emma Eric Erik Erika Erwin Esmee Esra Esther Eva Evelien Evelyn
Fatima Fatma Felix Femke Ferdinand Fleur Floor Florian Frank Frans Franz Franziska Fred Frederik Freek Friedrich Frits
Gabi Gabriele Geert Georg George Gerard Gerd Gerda Gerhard Gert Gisela Gijs Guido Guus Hans Hanna Hannah Hanneke
Harald Harm Harry Hasan Heike Hein Heiko Heinz Helen Helena Helga Helmut Hendrik Henk Hennie Henrik Herbert Herman
Hilde Holger Horst Hubert Hugo Ida Ilse Imke Ina Inge Ingeborg Ingrid Irene Iris Irma Isabel Ivo Jaap Jacqueline Jan
Janneke Jannes Jasmin Jasper Jeanette Jelle Jens Jeroen Jessica Jo Joachim Jochen Joep Johan Johanna Johannes John
Jolanda Jonas Joost Jörg Joris José Josef Joyce Judith Julia Julian Jürgen Jutta Kai Karel Karin Karl Karsten
Katharina Kathrin Katja Katrin Kees Kerstin Kevin Kim Klaas Klaus Koen Konrad Kristin Kurt Lars Laura Lea Leen Lena
Leo Leon Leonie Leyla Lieke Liesbeth Lilian Linda Lisa Lisette Loes Lotte Louis Luc Lucas Lucia Ludwig Luise Luisa
Lukas Lutz Maaike Maarten Maike Malte Manfred Manon Manuela Marc Marcel Marco Margot Margreet Maria Marian Marie
Marieke Marijke Marina Marion Mariska Marit Marjan Mark Markus Marlies Marloes Martha Martin Martina Mary Mathilde
Matthias Maurice Max Mehmet Melanie Merel Mia Michael Michaela Michel Mieke Mike Mila Miriam Mirjam Mohamed Monika
Monique Moritz Mustafa Nadia Nadine Natalie Nele Nicole Niek Niels Niklas Nina Noor Nora Norbert Olaf Olga Oliver
Oscar Otto Özlem Pascal Patricia Patrick Paul Paula Pauline Peter Petra Philipp Piet Pieter Pim Rainer Ralf Ralph
Ramona Regina Reinhard Remco Renate Rene Ria Richard Rien Rik Rita Rob Robert Robin Roel Roland Rolf Ron Ronald Roos
Rosa Rosemarie Roy Rudolf Ruth Ruud Sabine Sanne Sander Sandra Sara Sarah Saskia Sebastian Selma Silke Silvia Simon
Simone Sjoerd Sofie Sonja Sophia Sophie Stefan Stefanie Steffen Stephan Susan Susanne Sven Svenja Sylvia Tamara Tanja
Tara Teun Theo Theresa Thijs Thomas Thorsten Tiemen Tim Tina Tineke Tjeerd Tobias Tom Ton Torsten Truus Uli Ulrich
Ulrike Ursula Ute Uwe Vera Verena Victor Vincent Volker Walter Wendy Werner Wiebke Wieger Wilfried Wilhelm Willem
Wilma Wim Wolfgang Wouter Yannick Yasmin Yvonne Zeynep Zoë
"""
FIRST_NAMES = frozenset(map(key, _NAMES.split()))
